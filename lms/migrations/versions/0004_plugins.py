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

    op.create_table('plugin_settings_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('plugin', sa.String(), nullable=False),
    sa.Column('at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('in_use', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_plugin_settings_change_by_id_person')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_plugin_settings_change_organization_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plugin_settings_change'))
    )
    with op.batch_alter_table('plugin_settings_change', schema=None) as batch_op:
        batch_op.create_index('ix_plugin_settings_change_organization_id_plugin', ['organization_id', 'plugin'], unique=False)

    with op.batch_alter_table('plugin_trouble', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_at', lms.host.db.UtcTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('cleared_at', lms.host.db.UtcTime(timezone=True), nullable=True))

    op.create_table('programme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('course_key', sa.String(), nullable=False),
    sa.Column('rule_json', sa.Text(), nullable=False),
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('frameworks', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_programme_organization_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('organization_id', 'course_key', name=op.f('uq_programme_organization_id_course_key'))
    )
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_organization_id'), ['organization_id'], unique=False)

    op.create_table('programme_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('revision_digest', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('published_at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_revision_programme_id_programme')),
    sa.ForeignKeyConstraint(['published_by'], ['person.id'], name=op.f('fk_programme_revision_published_by_person')),
    sa.ForeignKeyConstraint(['revision_digest'], ['course_revision.digest'], name=op.f('fk_programme_revision_revision_digest_course_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_revision')),
    sa.UniqueConstraint('programme_id', 'number', name=op.f('uq_programme_revision_programme_id_number'))
    )
    op.create_table('cohort_move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('from_digest', sa.String(), nullable=False),
    sa.Column('to_digest', sa.String(), nullable=False),
    sa.Column('stood_on', sa.JSON(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('moved_at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.Column('moved_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_cohort_move_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['from_digest'], ['course_revision.digest'], name=op.f('fk_cohort_move_from_digest_course_revision')),
    sa.ForeignKeyConstraint(['moved_by'], ['person.id'], name=op.f('fk_cohort_move_moved_by_person')),
    sa.ForeignKeyConstraint(['to_digest'], ['course_revision.digest'], name=op.f('fk_cohort_move_to_digest_course_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort_move'))
    )
    with op.batch_alter_table('cohort_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cohort_move_cohort_id'), ['cohort_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('cohort_move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cohort_move_cohort_id'))

    op.drop_table('cohort_move')
    op.drop_table('programme_revision')
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_organization_id'))

    op.drop_table('programme')
    with op.batch_alter_table('plugin_trouble', schema=None) as batch_op:
        batch_op.drop_column('cleared_at')
        batch_op.drop_column('told_at')

    with op.batch_alter_table('plugin_settings_change', schema=None) as batch_op:
        batch_op.drop_index('ix_plugin_settings_change_organization_id_plugin')

    op.drop_table('plugin_settings_change')
    with op.batch_alter_table('plugin_document', schema=None) as batch_op:
        batch_op.drop_index('uq_plugin_document_person_key')
        batch_op.drop_index('uq_plugin_document_key')
        batch_op.drop_index(batch_op.f('ix_plugin_document_person_id'))

    op.drop_table('plugin_document')
