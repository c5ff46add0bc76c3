"""What plugins keep for themselves: documents under keys, apart for each plugin, organization and person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, delete, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.host.db import Base, session
from lms.plugin_api.store import as_document

MAX_DOCUMENTS = 10_000

_OF_NOBODY, _OF_SOMEBODY = text("person_id IS NULL"), text("person_id IS NOT NULL")


class PluginDocument(Base):
    """One document of a plugin in an organization; with a person it belongs to them, and is removed with them."""

    __tablename__ = "plugin_document"
    __table_args__ = (
        Index(
            "uq_plugin_document_key",
            "plugin",
            "organization_id",
            "key",
            unique=True,
            sqlite_where=_OF_NOBODY,
            postgresql_where=_OF_NOBODY,
        ),
        Index(
            "uq_plugin_document_person_key",
            "plugin",
            "organization_id",
            "person_id",
            "key",
            unique=True,
            sqlite_where=_OF_SOMEBODY,
            postgresql_where=_OF_SOMEBODY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    key: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)
    at: Mapped[datetime]


Key = tuple[int | None, str]


class Documents:
    """The `Store` (plugin_api) of one plugin in one organization.

    What is put is seen at once by whoever holds this object, and stands in the database after `keep`: so a plugin that
    raises half-way has kept nothing. Reading asks the database once for each person, and once for the organization.
    """

    def __init__(self, plugin: str, organization_id: int) -> None:
        self.plugin, self.organization_id = plugin, organization_id
        self._read: dict[int | None, dict[str, Any]] = {}
        self._changed: dict[Key, Any] = {}

    def get(self, key: str, *, person: int | None = None) -> Any:
        return self._of(person).get(key)

    def put(self, key: str, value: Any, *, person: int | None = None) -> None:
        value = as_document(key, value)
        found = self._of(person)
        if key not in found and len(found) >= MAX_DOCUMENTS:
            raise ValueError(f"There are {MAX_DOCUMENTS:,} documents already.")
        found[key] = self._changed[person, key] = value

    def delete(self, key: str, *, person: int | None = None) -> None:
        if self._of(person).pop(key, None) is not None:
            self._changed[person, key] = None

    def items(self, *, person: int | None = None) -> Iterator[tuple[str, Any]]:
        yield from sorted(self._of(person).items())

    def _of(self, person: int | None) -> dict[str, Any]:
        if person not in self._read:
            rows = session.execute(
                select(PluginDocument.key, PluginDocument.value).where(
                    *_owned(self.plugin, self.organization_id), _of_person(person)
                )
            )
            self._read[person] = {row.key: row.value for row in rows}
        return self._read[person]

    def keep(self, now: datetime) -> None:
        """Write what changed, in the current transaction."""
        for (person, key), value in self._changed.items():
            session.execute(
                delete(PluginDocument).where(
                    *_owned(self.plugin, self.organization_id), _of_person(person), PluginDocument.key == key
                )
            )
            if value is not None:
                session.add(
                    PluginDocument(
                        plugin=self.plugin,
                        organization_id=self.organization_id,
                        person_id=person,
                        key=key,
                        value=value,
                        at=now,
                    )
                )
        session.flush()
        self._changed.clear()


def _owned(plugin: str, organization_id: int) -> tuple[Any, Any]:
    return PluginDocument.plugin == plugin, PluginDocument.organization_id == organization_id


def _of_person(person: int | None) -> Any:
    return PluginDocument.person_id.is_(None) if person is None else PluginDocument.person_id == person


def counted(organization_id: int) -> dict[str, int]:
    """Plugin to the number of its documents in an organization. One query."""
    rows = session.execute(
        select(PluginDocument.plugin, func.count(PluginDocument.id).label("documents"))
        .where(PluginDocument.organization_id == organization_id)
        .group_by(PluginDocument.plugin)
    )
    return {row.plugin: row.documents for row in rows}


def exported(plugin: str, organization_id: int) -> list[Mapping[str, Any]]:
    """Every document of a plugin in an organization, with whom it belongs to, for a file."""
    in_order = func.coalesce(PluginDocument.person_id, 0), PluginDocument.key
    rows = session.scalars(select(PluginDocument).where(*_owned(plugin, organization_id)).order_by(*in_order))
    return [{"person": row.person_id, "key": row.key, "value": row.value, "at": row.at.isoformat()} for row in rows]


def of_person(person_id: int) -> list[PluginDocument]:
    """What plugins keep with somebody, whichever organization."""
    rows = select(PluginDocument).where(PluginDocument.person_id == person_id)
    return list(session.scalars(rows.order_by(PluginDocument.plugin, PluginDocument.key)))


def remove(plugin: str, organization_id: int) -> int:
    """Forget everything that a plugin keeps in an organization. The number of documents."""
    gone = delete(PluginDocument).where(*_owned(plugin, organization_id)).returning(PluginDocument.id)
    return len(session.execute(gone).all())
