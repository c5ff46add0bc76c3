"""Organizations, and the plugins that each has enabled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lms.features.organizations.rules import dialled
from lms.host.db import Base


class Organization(Base):
    """Who runs programmes here. Its people, courses and plugins are its own."""

    __tablename__ = "organization"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="America/Toronto")
    support_name: Mapped[str] = mapped_column(default="")
    support_phone: Mapped[str] = mapped_column(default="")
    support_hours: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    @property
    def support_dial(self) -> str:
        """The support contact's number for a `tel:` address."""
        return dialled(self.support_phone)


class EnabledPlugin(Base):
    """A plugin in use by an organization, with its settings. Turned off, the row stays with its settings."""

    __tablename__ = "enabled_plugin"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    plugin: Mapped[str] = mapped_column(primary_key=True)
    settings: Mapped[dict[str, Any]]
    enabled_at: Mapped[datetime]
    enabled_by: Mapped[int | None]
    turned_off_at: Mapped[datetime | None]


class PluginSettingsChange(Base):
    """The settings of a plugin as they were after a change, its secrets closed, and whether it was in use then."""

    __tablename__ = "plugin_settings_change"
    __table_args__ = (Index("ix_plugin_settings_change_organization_id_plugin", "organization_id", "plugin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    plugin: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settings: Mapped[dict[str, Any]]
    in_use: Mapped[bool]
