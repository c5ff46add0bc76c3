"""a trainer chooses the times of a role play"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('formed_groups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('times', sa.JSON(), server_default='{}', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('formed_groups', schema=None) as batch_op:
        batch_op.drop_column('times')
