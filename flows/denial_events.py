"""Prefect events for claims that are newly denied, which automations of the user's react to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect.events import emit_event

from storage import Warehouse

EVENT = "rashomon.claim.denied"
MOST = 100
"""Events a run: whoever compares an archive for the first time wants no thousand messages."""
_DENIALS = "SELECT claim_id, denial_id, claim, denial, story, probability FROM denials"
_OUTLETS = "SELECT DISTINCT claim_id, outlet FROM comparison WHERE list_contains($claims, claim_id)"


@contextmanager
def new_denials(warehouse: Warehouse) -> Iterator[None]:
    """Emit an event for each denial that there is after what happens inside, and was not before.

    The resource is the claim that is denied; the outlets are related to it, as `rashomon.outlet.NAME` in the role
    `teller` or `denier`. The payload has both claims in words.
    """
    known = {row[:2] for row in warehouse.query(_DENIALS).rows}
    yield
    found = [row for row in warehouse.query(_DENIALS).rows if row[:2] not in known][:MOST]
    claims = [claim for row in found for claim in row[:2]]
    outlets: dict[str, list[str]] = {}
    for claim, outlet in warehouse.query(_OUTLETS, {"claims": claims}).rows:
        outlets.setdefault(claim, []).append(outlet)
    for claim, denial, said, contradicted, story, probability in found:
        related = [_outlet(name, "teller") for name in outlets[claim]]
        related += [_outlet(name, "denier") for name in outlets[denial]]
        payload = {"claim": said, "denial": contradicted, "story": story, "probability": probability}
        resource = {"prefect.resource.id": f"rashomon.claim.{claim}", "prefect.resource.name": said[:200]}
        emit_event(EVENT, resource=resource, related=related, payload=payload)


def _outlet(name: str, role: str) -> dict[str, str]:
    return {"prefect.resource.id": f"rashomon.outlet.{name}", "prefect.resource.role": role}
