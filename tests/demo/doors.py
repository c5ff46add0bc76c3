"""Coming into the demo by one of its doors."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.features.cohorts.models import Cohort
from lms.host.db import session
from tests.pages import said

AFTERNOON = datetime(2026, 5, 5, 20, tzinfo=UTC)  # four o'clock in Toronto


def door(app: Flask, name: str, language: str = "en") -> FlaskClient:
    client = app.test_client()
    answer = client.post(f"/demo/doors/{name}", data={"language": language})
    assert answer.status_code == 303
    return client


def first_page(client: FlaskClient) -> str:
    answer = client.get("/", follow_redirects=True)
    assert answer.status_code == 200
    return said(answer)


def group_named(demo: Flask, name: str) -> str:
    with demo.app_context():
        return f"/cohorts/{session.scalars(select(Cohort.id).where(Cohort.name == name)).one()}"
