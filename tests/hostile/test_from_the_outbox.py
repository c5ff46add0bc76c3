"""A plugin that fails when it is told what happened: it is told again, and nothing else waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from lms.features.organizations.events import TELL
from lms.host.db import session
from lms.host.outbox import OutboxRow
from tests.hostile.acts import ACTS
from tests.hostile.garden import Temper
from tests.hostile.place import Place, named_to_the_admin


@pytest.mark.parametrize("act", ["raises", "ends the process", "calls itself for ever"])
def test_a_plugin_that_fails_when_told_is_told_again_and_holds_up_no_mail(
    place: Place, temper: Temper, act: str, clock: time_machine.Coordinates
) -> None:
    worker = place.app.extensions["lms"].extras["worker"]
    temper.places, temper.act = ("after_submission",), ACTS[act][0]
    sam = place.browser("sam")
    sam.post(f"{place.group}/activities/what-i-heard/submissions", data={"text": "I walked."})
    place.app.test_client().post("/sign-in/link", data={"email": "sam@example.org"})
    worker.run_due()
    named_to_the_admin(place, "after_submission")
    temper.act = None
    assert waiting(place) == 1, "the one that failed"
    clock.shift(timedelta(minutes=10))
    worker.run_due()
    assert waiting(place) == 0


def waiting(place: Place) -> int:
    """Events that a plugin is still to be told."""
    with place.app.app_context():
        return session.query(OutboxRow).filter_by(kind=TELL, done_at=None).count()
