"""What can go wrong in a way that a person should read about. Everything else is a bug and gets the error page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class HostError(Exception):
    """Base of the host's own errors; `sentence` is shown as it is."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Refused(HostError):
    """The request is understood and cannot be done now; nothing was changed (409)."""


class Incomplete(HostError):
    """A form needs another look (422): `by_field` has a sentence for each field."""

    def __init__(self, by_field: Mapping[str, Any], sentence: Any = "") -> None:
        super().__init__(sentence or "; ".join(map(str, by_field.values())))
        self.by_field = dict(by_field)


class NotFound(HostError):
    """No such thing for this person (404). A stranger gets the same answer as for a thing that never was."""

    def __init__(self) -> None:
        super().__init__("Not found")


class Elsewhere(NotFound):
    """It was here once and is somewhere else for this person, who is told where (404): an endpoint with its values."""

    def __init__(self, sentence: Any, endpoint: str, **values: Any) -> None:
        HostError.__init__(self, sentence)
        self.endpoint, self.values = endpoint, values


class SetUpError(HostError):
    """The installation itself is not right: configuration, database, plugins. For whoever runs the host."""


class PluginFault(Exception):
    """A plugin raised, or answered with something else than asked for."""
