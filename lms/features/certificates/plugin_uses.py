"""Which plugins made the papers of an organization's certificates."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from lms.features.certificates.models import Certificate
from lms.features.organizations.uses import Use
from lms.host.db import session
from lms.host.i18n import gettext as _
from lms.host.i18n import ngettext
from lms.host.plugins import PluginHost


def certificates_made(organization_id: int, plugins: PluginHost) -> Mapping[str, list[Use]]:
    """Plugin to the number of certificates that it made the papers of, in words. One query."""
    rows = session.execute(
        select(Certificate.issuer, func.count(Certificate.id).label("number"))
        .where(Certificate.organization_id == organization_id)
        .group_by(Certificate.issuer)
    )
    numbers: dict[str, int] = {}
    for row in rows:
        if provided := plugins.provided("certificate_issuers", row.issuer):
            numbers[provided.plugin.name] = numbers.get(provided.plugin.name, 0) + row.number
    then = _("Anyone can go on checking them, and their papers stay.")
    return {
        plugin: [Use(ngettext("One certificate", "%(num)d certificates", number), then, running=False)]
        for plugin, number in numbers.items()
    }
