"""who paused or went on in a role play is not kept"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('clock_change', schema=None) as batch_op:
        batch_op.drop_column('by_id')


def downgrade() -> None:
    with op.batch_alter_table('clock_change', schema=None) as batch_op:
        batch_op.add_column(sa.Column('by_id', sa.Integer(), nullable=True))
