"""What must happen afterwards happens: at least once, with its effect exactly once, and never twice at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms import migrations
from lms.host import audit, mail, outbox
from lms.host.db import db, saved, session
from lms.host.outbox import LEASE, MAX_ATTEMPTS, OutboxRow, Worker, given_up, try_again

NOW = datetime(2026, 3, 5, 18, 30, tzinfo=UTC)


def put(app: Flask, *keys: str, kind: str = "water", **more: Any) -> None:
    with app.app_context(), saved():
        for key in keys:
            outbox.put(kind, key, {"plant": key}, at=NOW, **more)


def row(app: Flask, key: str = "fern") -> OutboxRow:
    with app.app_context():
        return session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()


def watering(app: Flask) -> tuple[Worker, list[str]]:
    """A worker that notes which plants it watered."""
    done: list[str] = []
    return Worker(app, {"water": lambda payload, now: done.append(payload["plant"])}), done


def notes(app: Flask) -> list[str]:
    with app.app_context():
        return list(session.scalars(select(audit.AuditRow.subject)))


def test_what_was_put_is_delivered_once(app: Flask) -> None:
    put(app, "fern", "moss")
    worker, done = watering(app)
    assert worker.run_due(NOW) == 2
    assert worker.run_due(NOW) == 0
    assert done == ["fern", "moss"]
    assert row(app).done_at == NOW


def test_the_same_key_twice_is_one_row(app: Flask) -> None:
    put(app, "fern", "fern")
    put(app, "fern")
    worker, done = watering(app)
    worker.run_due(NOW)
    put(app, "fern")
    worker.run_due(NOW)
    assert done == ["fern"]


def test_what_was_rolled_back_is_not_delivered(app: Flask) -> None:
    def break_off() -> None:
        with app.app_context(), saved():
            outbox.put("water", "fern", {}, at=NOW)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        break_off()
    assert watering(app)[0].run_due(NOW) == 0


def test_rows_wait_until_they_are_due(app: Flask) -> None:
    put(app, "fern", due=NOW + timedelta(hours=1))
    worker, _ = watering(app)
    assert worker.run_due(NOW) == 0
    assert worker.run_due(NOW + timedelta(hours=1)) == 1


def test_rows_that_a_handler_puts_are_delivered_in_the_same_go(app: Flask) -> None:
    put(app, "fern", kind="plan")
    worker, done = watering(app)
    worker.handlers = {
        **worker.handlers,
        "plan": lambda payload, now: lambda row: outbox.put("water", "moss", {"plant": "moss"}, at=now),
    }
    assert worker.run_due(NOW) == 2
    assert done == ["moss"]


def test_effect_and_done_are_one_transaction(app: Flask) -> None:
    put(app, "fern")

    def water(payload: Mapping[str, Any], now: datetime) -> outbox.Keep:
        def keep(row: OutboxRow) -> None:
            audit.note("watered", payload["plant"], at=now, by=None)
            session.flush()
            if row.attempts == 1:
                raise ConnectionError("the hose came off")

        return keep

    worker = Worker(app, {"water": water})
    worker.run_due(NOW)
    assert notes(app) == []
    assert row(app).done_at is None
    worker.run_due(NOW + timedelta(minutes=1))
    assert notes(app) == ["fern"]
    assert row(app).done_at == NOW + timedelta(minutes=1)


def test_nobody_waits_for_a_slow_mail_server(app: Flask) -> None:
    """While a handler waits for the world outside, others may write."""
    put(app, "fern")
    begun, finish = threading.Event(), threading.Event()

    def slowly(payload: Mapping[str, Any], now: datetime) -> None:
        begun.set()
        assert finish.wait(10)

    slow = threading.Thread(target=Worker(app, {"water": slowly}).run_due, args=(NOW,))
    slow.start()
    assert begun.wait(10)
    with app.app_context(), saved():
        audit.note("wrote", "meanwhile", at=NOW, by=None)
    finish.set()
    slow.join()
    assert notes(app) == ["meanwhile"]
    assert row(app).done_at == NOW


def test_what_was_done_long_ago_is_forgotten(app: Flask) -> None:
    put(app, "fern")
    worker, _ = watering(app)
    worker.run_due(NOW)
    worker.purge(NOW + timedelta(days=29))
    assert row(app).done_at == NOW
    worker.purge(NOW + timedelta(days=31))
    with app.app_context():
        assert session.scalar(select(OutboxRow.id)) is None


def test_what_raises_is_put_off_longer_each_time(app: Flask) -> None:
    put(app, "fern")

    def water(payload: Mapping[str, Any], now: datetime) -> None:
        raise ConnectionError("the hose came off")

    worker, now, waits = Worker(app, {"water": water}), NOW, []
    for _ in range(4):
        assert worker.run_due(now) == 1
        assert worker.run_due(now) == 0
        waits.append((row(app).due_at - now).total_seconds())
        now = row(app).due_at
    assert waits == [30, 60, 120, 240]
    assert row(app).last_error == "ConnectionError: the hose came off"


def test_one_row_that_raises_does_not_hold_up_the_others(app: Flask) -> None:
    put(app, "thorn", "fern")
    worker, done = watering(app)
    water = worker.handlers["water"]
    worker.handlers = {"water": lambda payload, now: 1 / 0 if payload["plant"] == "thorn" else water(payload, now)}  # type: ignore[dict-item]
    assert worker.run_due(NOW) == 2
    assert done == ["fern"]


def test_a_row_is_given_up_at_last_and_kept_to_be_looked_at(app: Flask) -> None:
    put(app, "fern")
    worker = Worker(app, {"water": lambda payload, now: 1 / 0})  # type: ignore[dict-item]
    now = NOW
    for _ in range(MAX_ATTEMPTS):
        assert worker.run_due(now) == 1
        now += timedelta(hours=7)
    assert worker.run_due(now + timedelta(days=30)) == 0
    assert row(app).attempts == MAX_ATTEMPTS
    assert row(app).given_up_at == now - timedelta(hours=7)
    assert row(app).last_error == "ZeroDivisionError: division by zero"


def test_what_was_given_up_can_be_tried_again(app: Flask) -> None:
    put(app, "fern")
    broken = Worker(app, {"water": lambda payload, now: 1 / 0})  # type: ignore[dict-item]
    for day in range(MAX_ATTEMPTS):
        broken.run_due(NOW + timedelta(days=day))
    later = NOW + timedelta(days=30)
    with app.app_context(), saved():
        (stuck,) = given_up()
        try_again(stuck.id, now=later)
    worker, done = watering(app)
    assert worker.run_due(later) == 1
    assert done == ["fern"]
    with app.app_context():
        assert given_up() == []


def test_a_kind_that_nobody_delivers_waits(app: Flask) -> None:
    put(app, "fern", kind="prune")
    worker, _ = watering(app)
    worker.run_due(NOW)
    assert row(app).last_error == "LookupError: nothing here delivers 'prune'"
    assert row(app).done_at is None


def test_a_worker_that_died_leaves_a_lease_that_runs_out(app: Flask) -> None:
    put(app, "fern")
    dead, alive = watering(app)[0], watering(app)
    with app.app_context():
        assert dead._claim(NOW)
    assert alive[0].run_due(NOW + LEASE) == 0
    assert alive[0].run_due(NOW + LEASE + timedelta(seconds=1)) == 1
    assert alive[1] == ["fern"]


def test_a_worker_that_wakes_up_late_leaves_the_row_to_the_other(app: Flask) -> None:
    put(app, "fern")
    late, late_done = watering(app)
    with app.app_context():
        claimed = late._claim(NOW)
    assert claimed
    other, done = watering(app)
    other.run_due(NOW + LEASE + timedelta(seconds=1))
    with app.app_context():
        late._deliver(claimed, NOW)
    assert (late_done, done) == ([], ["fern"])


def run_together(*workers: Worker) -> None:
    gate = threading.Barrier(len(workers))

    def run(worker: Worker) -> None:
        gate.wait()
        worker.run_due(NOW)

    threads = [threading.Thread(target=run, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_workers_never_do_the_same_row(app: Flask) -> None:
    plants = [f"plant-{n:02}" for n in range(30)]
    put(app, *plants)
    (one, first), (two, second) = watering(app), watering(app)
    run_together(one, two)
    assert sorted(first + second) == plants


def test_a_worker_in_the_background_delivers_and_stops(app: Flask) -> None:
    put(app, "fern")
    watered = threading.Event()
    worker = Worker(app, {"water": lambda payload, now: watered.set()})
    thread = worker.start()
    assert watered.wait(10)
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()


# -- on PostgreSQL ------------------------------------------------------------------------------------------


@pytest.fixture
def postgres_app(make_app: Callable[..., Flask], postgres_url: str) -> Flask:
    app = make_app(database_url=postgres_url)
    with app.app_context():
        migrations.upgrade(db.engine)
    return app


@pytest.mark.postgres
def test_two_workers_on_postgresql_never_do_the_same_row(postgres_app: Flask) -> None:
    plants = [f"plant-{n:02}" for n in range(40)]
    put(postgres_app, *plants)
    (one, first), (two, second) = watering(postgres_app), watering(postgres_app)
    run_together(one, two)
    assert sorted(first + second) == plants


@pytest.mark.postgres
def test_work_that_outlasts_its_lease_has_its_effect_once(postgres_app: Flask) -> None:
    put(postgres_app, "fern")
    begun, finish = threading.Event(), threading.Event()

    def noted(payload: Mapping[str, Any], now: datetime) -> outbox.Keep:
        return lambda row: audit.note("watered", payload["plant"], at=now, by=None)

    def slowly(payload: Mapping[str, Any], now: datetime) -> outbox.Keep:
        begun.set()
        assert finish.wait(10)
        return noted(payload, now)

    slow = threading.Thread(target=Worker(postgres_app, {"water": slowly}).run_due, args=(NOW,))
    slow.start()
    assert begun.wait(10)
    other = Worker(postgres_app, {"water": noted})
    assert other.run_due(NOW + LEASE + timedelta(minutes=1)) == 1
    finish.set()
    slow.join()
    assert notes(postgres_app) == ["fern"]


@pytest.mark.postgres
def test_two_requests_may_put_the_same_key_at_once(postgres_app: Flask) -> None:
    asked = threading.Event()
    errors: list[BaseException] = []

    def ask_too() -> None:
        try:
            with postgres_app.app_context(), saved():
                asked.set()
                outbox.put("water", "fern", {"plant": "another fern"}, at=NOW)
        except BaseException as error:
            errors.append(error)

    second = threading.Thread(target=ask_too)
    with postgres_app.app_context(), saved():
        outbox.put("water", "fern", {"plant": "fern"}, at=NOW)
        session.flush()
        second.start()
        assert asked.wait(10)
        second.join(0.3)  # it waits for this transaction
    second.join()
    assert errors == []
    assert row(postgres_app).payload == {"plant": "fern"}


# -- mails --------------------------------------------------------------------------------------------------


def test_a_mail_is_written_once_however_often_it_is_asked_for(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with app.app_context():
        for _ in range(2):
            with saved():
                mail.write_mail("alice@example.org", "A note\r\nBcc: x", "Hello Alice", key="note:1", at=NOW)
    assert app.extensions["lms"].extras["worker"].run_due(NOW) == 1
    printed = capsys.readouterr().out
    assert printed.count("Hello Alice") == 1
    assert "--- Mail to alice@example.org: A note Bcc: x\n" in printed
