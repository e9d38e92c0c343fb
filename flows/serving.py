"""Deployments that a Prefect server schedules: one a config, its keys a form in the UI."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flows.errors import UserError
from flows.settings import Settings, load_settings
from flows.sources import source_name

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment


def serve(configs: Sequence[Path]) -> None:
    """Register a deployment a config with the Prefect server and run what is due or asked for, until interrupted.

    Raises `UserError` where a config is wrong, two have one name, or there is no server.
    """
    from prefect import serve
    from prefect.settings import PREFECT_API_URL

    if not PREFECT_API_URL.value():
        raise UserError(
            "there is no Prefect server to serve; start one with `prefect server start`, then "
            "`prefect config set PREFECT_API_URL=http://127.0.0.1:4200/api`"
        )
    serve(*deployments(configs))


def deployments(configs: Sequence[Path]) -> list[RunnerDeployment]:
    """A deployment a config. Raises `UserError` where a config is wrong or two have one name."""
    named: dict[str, Path] = {}
    made = []
    for path in configs:
        settings = load_settings(path)
        if settings.name in named:
            raise UserError(
                f"{path} and {named[settings.name]} are both named {settings.name!r}; give one another name"
            )
        named[settings.name] = path
        made.append(_deployment(settings, path))
    return made


def _deployment(settings: Settings, path: Path) -> RunnerDeployment:
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from flows.coverage import compare_coverage

    cron, timezone = settings.schedule.cron, settings.schedule.timezone
    deployment = compare_coverage.to_deployment(
        name=settings.name,
        schedule=Cron(cron, timezone=timezone) if cron else None,
        parameters={"settings": settings.model_dump(mode="json")},
        tags=["rashomon"],
        description=_described(settings, path),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return cast("RunnerDeployment", deployment)


def _described(settings: Settings, path: Path) -> str:
    sources = "\n".join(f"- {source_name(source)}" for source in settings.sources[:20])
    more = f"\n- and {len(settings.sources) - 20} more" if len(settings.sources) > 20 else ""
    lines = ["Takes in what is new, translates it, and compares what outlets say.", "", f"Config: `{path.absolute()}`"]
    lines += ["", f"Warehouse: `{settings.warehouse}`", "", "Sources:", "", sources + more]
    return "\n".join(lines)
