"""the role-play studio: a clock, what people chose in their room, sheets, pairs, solo practice"""

import sqlalchemy as sa
from alembic import op

import lms.host.db

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('grouping_wish',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('a_id', sa.Integer(), nullable=False),
    sa.Column('b_id', sa.Integer(), nullable=False),
    sa.Column('apart', sa.Boolean(), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=False),
    sa.Column('set_at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['a_id'], ['enrolment.id'], name=op.f('fk_grouping_wish_a_id_enrolment')),
    sa.ForeignKeyConstraint(['b_id'], ['enrolment.id'], name=op.f('fk_grouping_wish_b_id_enrolment')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_grouping_wish_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_grouping_wish_set_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grouping_wish')),
    sa.UniqueConstraint('cohort_id', 'a_id', 'b_id', name=op.f('uq_grouping_wish_cohort_id_a_id_b_id'))
    )
    with op.batch_alter_table('grouping_wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grouping_wish_b_id'), ['b_id'], unique=False)

    op.create_table('not_the_person_today',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('set_at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_not_the_person_today_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_not_the_person_today_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('meeting_id', 'enrolment_id', name=op.f('pk_not_the_person_today'))
    )
    with op.batch_alter_table('not_the_person_today', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_not_the_person_today_enrolment_id'), ['enrolment_id'], unique=False)

    op.create_table('practice_pair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('pair', sa.Integer(), nullable=False),
    sa.Column('asked_id', sa.Integer(), nullable=False),
    sa.Column('partner_id', sa.Integer(), nullable=True),
    sa.Column('card', sa.String(), nullable=False),
    sa.Column('at', lms.host.db.UtcTime(timezone=True), nullable=True),
    sa.Column('asked_at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=True),
    sa.Column('agreed_at', lms.host.db.UtcTime(timezone=True), nullable=True),
    sa.Column('done_at', lms.host.db.UtcTime(timezone=True), nullable=True),
    sa.Column('off_at', lms.host.db.UtcTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['asked_id'], ['enrolment.id'], name=op.f('fk_practice_pair_asked_id_enrolment')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_practice_pair_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_practice_pair_proposed_by_person')),
    sa.ForeignKeyConstraint(['partner_id'], ['enrolment.id'], name=op.f('fk_practice_pair_partner_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_pair')),
    sa.UniqueConstraint('meeting_id', 'pair', name=op.f('uq_practice_pair_meeting_id_pair'))
    )
    with op.batch_alter_table('practice_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_practice_pair_asked_id'), ['asked_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_practice_pair_partner_id'), ['partner_id'], unique=False)

    op.create_table('role_play_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('pair', sa.Integer(), nullable=False),
    sa.Column('phases', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('started_at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.Column('started_by', sa.Integer(), nullable=False),
    sa.Column('ended_at', lms.host.db.UtcTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_role_play_run_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['started_by'], ['person.id'], name=op.f('fk_role_play_run_started_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_play_run'))
    )
    with op.batch_alter_table('role_play_run', schema=None) as batch_op:
        batch_op.create_index('ix_role_play_run_meeting_id', ['meeting_id'], unique=False)
        batch_op.create_index('ix_role_play_run_open', ['meeting_id', 'pair'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('solo_practice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('practice', sa.String(), nullable=False),
    sa.Column('finished_at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.Column('shared', sa.JSON(), nullable=True),
    sa.Column('shared_at', lms.host.db.UtcTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_solo_practice_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_solo_practice')),
    sa.UniqueConstraint('enrolment_id', 'practice', name=op.f('uq_solo_practice_enrolment_id_practice'))
    )
    op.create_table('supporter_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('card', sa.String(), nullable=False),
    sa.Column('ticks', sa.JSON(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_supporter_note_by_id_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_supporter_note_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_supporter_note_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supporter_note'))
    )
    with op.batch_alter_table('supporter_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supporter_note_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_supporter_note_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('clock_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('group_number', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_clock_change_by_id_person')),
    sa.ForeignKeyConstraint(['run_id'], ['role_play_run.id'], name=op.f('fk_clock_change_run_id_role_play_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_change'))
    )
    with op.batch_alter_table('clock_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clock_change_run_id'), ['run_id'], unique=False)

    op.create_table('room_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('group_number', sa.Integer(), nullable=False),
    sa.Column('round_number', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('card', sa.String(), nullable=False),
    sa.Column('at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.Column('seen_at', lms.host.db.UtcTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_room_event_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['run_id'], ['role_play_run.id'], name=op.f('fk_room_event_run_id_role_play_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_event'))
    )
    with op.batch_alter_table('room_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_event_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_room_event_run_id'), ['run_id'], unique=False)

    op.create_table('room_visit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('group_number', sa.Integer(), nullable=False),
    sa.Column('supporter_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_room_visit_by_id_person')),
    sa.ForeignKeyConstraint(['run_id'], ['role_play_run.id'], name=op.f('fk_room_visit_run_id_role_play_run')),
    sa.ForeignKeyConstraint(['supporter_id'], ['enrolment.id'], name=op.f('fk_room_visit_supporter_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_visit'))
    )
    with op.batch_alter_table('room_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_visit_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_room_visit_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_room_visit_supporter_id'), ['supporter_id'], unique=False)

    op.create_table('sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('group_number', sa.Integer(), nullable=False),
    sa.Column('round_number', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('supporter_id', sa.Integer(), nullable=False),
    sa.Column('seat', sa.String(), nullable=False),
    sa.Column('card', sa.String(), nullable=False),
    sa.Column('ticks', sa.JSON(), nullable=False),
    sa.Column('words', sa.JSON(), nullable=False),
    sa.Column('read_by_trainers', sa.Boolean(), nullable=False),
    sa.Column('given_at', lms.host.db.UtcTime(timezone=True), nullable=False),
    sa.Column('kept', sa.Boolean(), nullable=True),
    sa.Column('kept_at', lms.host.db.UtcTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_sheet_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['run_id'], ['role_play_run.id'], name=op.f('fk_sheet_run_id_role_play_run')),
    sa.ForeignKeyConstraint(['supporter_id'], ['enrolment.id'], name=op.f('fk_sheet_supporter_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet')),
    sa.UniqueConstraint('run_id', 'round_number', 'enrolment_id', name=op.f('uq_sheet_run_id_round_number_enrolment_id'))
    )
    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sheet_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sheet_supporter_id'), ['supporter_id'], unique=False)

    with op.batch_alter_table('formed_groups', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pair', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('format', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('kept', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('trainer_plays', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.drop_constraint(batch_op.f('uq_formed_groups_meeting_id_version'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_formed_groups_meeting_id_pair_version'), ['meeting_id', 'pair', 'version'])


def downgrade() -> None:
    op.execute("DELETE FROM seat WHERE groups_id IN (SELECT id FROM formed_groups WHERE pair > 0)")
    op.execute("DELETE FROM formed_groups WHERE pair > 0")
    with op.batch_alter_table('formed_groups', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_formed_groups_meeting_id_pair_version'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_formed_groups_meeting_id_version'), ['meeting_id', 'version'])
        batch_op.drop_column('trainer_plays')
        batch_op.drop_column('kept')
        batch_op.drop_column('format')
        batch_op.drop_column('pair')

    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sheet_supporter_id'))
        batch_op.drop_index(batch_op.f('ix_sheet_enrolment_id'))

    op.drop_table('sheet')
    with op.batch_alter_table('room_visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_room_visit_supporter_id'))
        batch_op.drop_index(batch_op.f('ix_room_visit_run_id'))
        batch_op.drop_index(batch_op.f('ix_room_visit_by_id'))

    op.drop_table('room_visit')
    with op.batch_alter_table('room_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_room_event_run_id'))
        batch_op.drop_index(batch_op.f('ix_room_event_enrolment_id'))

    op.drop_table('room_event')
    with op.batch_alter_table('clock_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clock_change_run_id'))

    op.drop_table('clock_change')
    with op.batch_alter_table('supporter_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supporter_note_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_supporter_note_enrolment_id'))

    op.drop_table('supporter_note')
    op.drop_table('solo_practice')
    with op.batch_alter_table('role_play_run', schema=None) as batch_op:
        batch_op.drop_index('ix_role_play_run_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_role_play_run_meeting_id')

    op.drop_table('role_play_run')
    with op.batch_alter_table('practice_pair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_practice_pair_partner_id'))
        batch_op.drop_index(batch_op.f('ix_practice_pair_asked_id'))

    op.drop_table('practice_pair')
    with op.batch_alter_table('not_the_person_today', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_not_the_person_today_enrolment_id'))

    op.drop_table('not_the_person_today')
    with op.batch_alter_table('grouping_wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grouping_wish_b_id'))

    op.drop_table('grouping_wish')
