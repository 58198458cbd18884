"""Jobs of the gateway."""

from shopwright.gateway.mail import poll
from shopwright.gateway.media import MAX_TRIES, fetch
from shopwright.gateway.sending import send
from shopwright.gateway.services import MAIL, MEDIA, QUEUE, SEND, TURN, Gateway
from shopwright.gateway.turns import take_turn
from shopwright.kit.jobs import Task

TASKS: tuple[Task[Gateway], ...] = (
    Task(TURN, take_turn, queue=QUEUE, max_attempts=10),
    Task(SEND, send, queue=QUEUE, max_attempts=10),
    Task(MAIL, poll, queue=QUEUE, max_attempts=10),
    Task(MEDIA, fetch, queue=QUEUE, max_attempts=MAX_TRIES),
)
