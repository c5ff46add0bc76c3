"""How Alembic runs here: on the connection that it was given."""

from alembic import context

import lms.app  # noqa: F401  (every model is known)
from lms.host.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
