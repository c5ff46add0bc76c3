"""A message and its signature, by the Standard Webhooks scheme."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from lms.plugin_api import Event

PREFIX = "whsec_"

# All that ever leaves the house, whatever else an event may carry one day.
FACTS = {
    "submission": ("activity", "version"),
    "review": ("activity", "version", "decision"),
    "decision": ("outcome",),
    "certificate": ("serial", "state"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """`id` is the same each time the same event is told, so that the other side can drop a second copy."""

    id: str
    body: bytes

    def headers(self, secret: str, timestamp: int) -> Mapping[str, str]:
        """What the other side needs to check that this message is ours, whole and recent."""
        return {
            "content-type": "application/json",
            "user-agent": "learning-host-webhooks",
            "webhook-id": self.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": self.signature(secret, timestamp),
        }

    def signature(self, secret: str, timestamp: int) -> str:
        signed = b".".join((self.id.encode(), str(timestamp).encode(), self.body))
        return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()


def message_of(happening: str, event: Event) -> Message:
    told = {
        "type": event.name,
        "id": event.key,
        "timestamp": event.at.isoformat(),
        "data": {
            "organization": event.organization,
            "cohort": event.cohort,
            "enrolment": event.enrolment,
            **{name: event.facts[name] for name in FACTS[happening] if name in event.facts},
        },
    }
    return Message(event.key, json.dumps(told, ensure_ascii=False, sort_keys=True).encode())


def key_of(secret: str) -> bytes:
    """The key in a secret such as whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw. Raises ValueError with a sentence."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise ValueError(f"A secret is {PREFIX} followed by 24 to 64 random bytes in base64")
    return key
