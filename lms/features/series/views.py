"""Open series: what comes up, saying that one comes, and who was there."""

from __future__ import annotations

from lms.features.series import models  # noqa: F401  (their tables are known)
from lms.host.web import Blueprint

views = Blueprint("series", __name__, template_folder="templates")
