"""Standard output as rich writes to it, until its reader goes away."""

from __future__ import annotations

from rich.console import Console

from flows.reports.output import end_quietly


class StandardOutput(Console):
    """Ends the command quietly and well where the reader of a pipe has had enough."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        end_quietly()
