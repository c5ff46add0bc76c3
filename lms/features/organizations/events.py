"""Telling plugins what has happened: from the outbox, each enabled plugin on its own, at least once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lms.features.organizations.queries import enabled_plugins
from lms.host import outbox
from lms.host.db import session
from lms.host.documents import Documents
from lms.host.guard import Guard
from lms.plugin_api.values import Event

HAPPENED = "happened"
TELL = "tell"


def happened(
    hook: str,
    key: str,
    *,
    at: datetime,
    organization: int,
    cohort: int,
    enrolment: int,
    person: int,
    facts: Mapping[str, str],
    due: datetime | None = None,
) -> None:
    """Note in the current transaction that `hook` is to be told. `key` names the fact, so that it is told once.

    `due` is when it may be told: later than `at` for something that can still be undone (see `not_happened`).
    """
    payload = {
        "hook": hook,
        "key": key,
        "at": at.isoformat(),
        "organization": organization,
        "cohort": cohort,
        "enrolment": enrolment,
        "person": person,
        "facts": dict(facts),
    }
    outbox.put(HAPPENED, f"{HAPPENED}:{hook}:{key}", payload, at=at, due=due)


def not_happened(hook: str, key: str) -> None:
    """It was undone before anybody was told."""
    outbox.call_off(f"{HAPPENED}:{hook}:{key}")


def spread(guard: Guard, payload: Mapping[str, Any], now: datetime) -> None:
    """One row for each plugin that listens, so that one that fails does not repeat the others."""
    for plugin in enabled_plugins(payload["organization"]):
        if guard.host.listener(plugin, payload["hook"]):
            key = f"{TELL}:{plugin}:{payload['hook']}:{payload['key']}"
            outbox.put(TELL, key, {**payload, "plugin": plugin}, at=now)


def tell(guard: Guard, payload: Mapping[str, Any], now: datetime) -> outbox.Keep | None:
    """Tell one plugin; what it raises makes the outbox try again later. What it put into its store is kept together with
    "done", so that being told twice keeps nothing twice."""
    plugin = payload["plugin"]
    settings = enabled_plugins(payload["organization"]).get(plugin)
    session.rollback()  # telling takes its time: nothing waits for it
    if settings is None:
        return None
    event = Event(
        key=payload["key"],
        name=payload["hook"],
        at=datetime.fromisoformat(payload["at"]),
        organization=str(payload["organization"]),
        cohort=payload["cohort"],
        enrolment=payload["enrolment"],
        facts=payload["facts"],
        person=payload.get("person", 0),
    )
    store = Documents(plugin, payload["organization"])
    guard.tell(plugin, payload["hook"], event, settings, store)
    return lambda row: store.keep(now)
