"""Read the topic, now that everything behind it is there.

The view into the landing table comes before the valve: a lone valve would swallow messages.
A downgrade forgets how far the topic was read, so that the next upgrade reads it from its start.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
requires = ("postgres@0006",)


def upgrade() -> None:
    op.create_object("raw_events_kafka", version=1)
    op.create_object("raw_events_mv", version=1)
    op.create_object("raw_events_valve", version=1)
    op.create_object("raw_events_valve_mv", version=1)


def downgrade() -> None:
    op.drop_object("raw_events_valve")
    op.drop_object("raw_events_mv")
    op.drop_object("raw_events_valve_mv")
    op.drop_object("raw_events_kafka", forget_offsets=True)
