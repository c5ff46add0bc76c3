"""The base of everything that course files say: frozen, and unknown keys are refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
