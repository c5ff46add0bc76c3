"""what plugins keep, and how they fare"""

import sqlalchemy as sa
from alembic import op

import lms.host.db

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plugin_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plugin', sa.String(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_plugin_document_organization_id_organization')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_plugin_document_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plugin_document'))
    )
    with op.batch_alter_table('plugin_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plugin_document_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_plugin_document_key', ['plugin', 'organization_id', 'key'], unique=True, sqlite_where=sa.text('person_id IS NULL'), postgresql_where=sa.text('person_id IS NULL'))
        batch_op.create_index('uq_plugin_document_person_key', ['plugin', 'organization_id', 'person_id', 'key'], unique=True, sqlite_where=sa.text('person_id IS NOT NULL'), postgresql_where=sa.text('person_id IS NOT NULL'))


def downgrade() -> None:
    with op.batch_alter_table('plugin_document', schema=None) as batch_op:
        batch_op.drop_index('uq_plugin_document_person_key')
        batch_op.drop_index('uq_plugin_document_key')
        batch_op.drop_index(batch_op.f('ix_plugin_document_person_id'))

    op.drop_table('plugin_document')
