"""Jobs of the way in: each decides what is mailed to whom."""

from shopwright.identity.resets import MAIL_RESET, mail_reset_links
from shopwright.identity.sign_up import MAIL_SIGN_UP, RESEND, MailJobs, mail_sign_up, resend_link
from shopwright.kit.jobs import Task

TASKS: tuple[Task[MailJobs], ...] = (
    Task(MAIL_SIGN_UP, mail_sign_up),
    Task(RESEND, resend_link),
    Task(MAIL_RESET, mail_reset_links),
)
