"""what a trainer says to the groups of a role play that goes on"""

import sqlalchemy as sa
from alembic import op

import lms.host.db

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('role_play_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('group_number', sa.Integer(), nullable=True),
    sa.Column('ready', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_role_play_message_by_id_person')),
    sa.ForeignKeyConstraint(['run_id'], ['role_play_run.id'], name=op.f('fk_role_play_message_run_id_role_play_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_play_message'))
    )
    with op.batch_alter_table('role_play_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_play_message_run_id'), ['run_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('role_play_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_role_play_message_run_id'))

    op.drop_table('role_play_message')
