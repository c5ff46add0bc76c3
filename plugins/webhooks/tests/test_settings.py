"""What an organization may fill in."""

from __future__ import annotations

import base64

import pytest
from lms_webhooks.settings import WebhookSettings
from pydantic import ValidationError

from lms.plugin_api import Setting

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": "http://example.org/"}, "must start with https"),
        ({"url": "http://127.0.0.1/"}, "works only when local addresses are allowed"),
        ({"url": "HTTP://localhost/"}, "works only when local addresses are allowed"),
        ({"url": "http://example.org/", "allow_local": True}, "must start with https"),
        ({"url": "http://192.168.1.2/", "allow_local": True}, "must start with https"),
        ({"url": "ftp://example.org/"}, "must start with https"),
        ({"url": "https:///nowhere"}, "not a whole address"),
        ({"url": "https://example.org:99999/"}, "not a whole address"),
        ({"url": "https://me:pass@example.org/"}, "name and password"),
        ({"url": "https://example.org/a b"}, "without spaces"),
        ({"url": "https://example.org/\nx"}, "without spaces"),
        ({"secret": "secret"}, "24 to 64 random bytes"),
        ({"secret": "whsec_c2hvcnQ="}, "24 to 64 random bytes"),
        ({"secret": "whsec_%%%%"}, "24 to 64 random bytes"),
        ({"events": ()}, "at least 1"),
        ({"events": ("everything",)}, "Input should be"),
        ({"colour": "teal"}, "Extra inputs"),
    ],
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence) as refused:
        WebhookSettings.model_validate({"url": "https://example.org/", "secret": SECRET, **wrong})
    assert SECRET not in str(refused.value)
    assert all(error["loc"] for error in refused.value.errors()), "a sentence stands beside a field"


def test_the_secret_is_marked_and_does_not_show() -> None:
    settings = WebhookSettings(url="https://example.org/", secret=SECRET)
    words = WebhookSettings.model_fields["secret"].metadata
    assert any(isinstance(said, Setting) and said.secret for said in words)
    assert SECRET not in repr(settings)
    assert settings.events == ("submission", "review", "decision", "certificate")
