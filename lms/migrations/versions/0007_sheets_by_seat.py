"""whoever watched and then supported in one round has a sheet for each of the two"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

ONE_EACH = 'uq_sheet_run_id_round_number_enrolment_id'
ONE_PER_SEAT = 'uq_sheet_run_id_round_number_enrolment_id_seat'


def upgrade() -> None:
    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(ONE_EACH), type_='unique')
        batch_op.create_unique_constraint(
            batch_op.f(ONE_PER_SEAT), ['run_id', 'round_number', 'enrolment_id', 'seat']
        )


def downgrade() -> None:
    sheet = sa.table('sheet', *map(sa.column, ('id', 'run_id', 'round_number', 'enrolment_id')))
    first = sa.select(sa.func.min(sheet.c.id)).group_by(sheet.c.run_id, sheet.c.round_number, sheet.c.enrolment_id)
    op.execute(sheet.delete().where(sheet.c.id.not_in(first)))  # where there is room for one, the first stays
    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(ONE_PER_SEAT), type_='unique')
        batch_op.create_unique_constraint(batch_op.f(ONE_EACH), ['run_id', 'round_number', 'enrolment_id'])
