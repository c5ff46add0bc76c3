"""Several statements in one, so that a page asks few questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import cast, literal, null, select, union_all

from lms.host.db import session


def together(**parts: Any) -> Any:
    """One statement for several, oldest first: each row says in `part` whose it is, and is empty where that part has no
    such column."""
    sources = {name: part.subquery(name) for name, part in parts.items()}
    types = {column.name: column.type for source in sources.values() for column in source.c}
    return union_all(
        *(
            select(
                literal(name).label("part"),
                *(
                    source.c[column] if column in source.c else cast(null(), kind).label(column)
                    for column, kind in types.items()
                ),
            )
            for name, source in sources.items()
        )
    ).order_by("id")


def rows_of(statement: Any, given: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Part to its rows, in order."""
    found: dict[str, list[Any]] = {}
    for row in session.execute(statement, given):
        found.setdefault(row.part, []).append(row)
    return found
