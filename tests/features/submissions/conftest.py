"""Sam, and the first piece of homework."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.features.conftest import Browser


@pytest.fixture
def sam(browser: Browser) -> FlaskClient:
    return browser("Sam")


@pytest.fixture
def homework(evening: str) -> str:
    return f"{evening}/activities/how-i-arrive"
