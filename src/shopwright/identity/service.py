"""All services of this package, built once for the API."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shopwright.identity.cookies import CookieRules
from shopwright.identity.errors import SignUpClosed
from shopwright.identity.invitations import Acceptance
from shopwright.identity.mails import Letters
from shopwright.identity.oidc.flow import OidcSignIn
from shopwright.identity.resets import Resets
from shopwright.identity.second_factor import SecondFactors
from shopwright.identity.sessions import Sessions
from shopwright.identity.sign_in import SignIn
from shopwright.identity.sign_up import SignUps
from shopwright.kit.crypto import Envelope
from shopwright.kit.db import Database
from shopwright.kit.egress import EgressPolicy
from shopwright.kit.passwords import Passwords
from shopwright.kit.rates import Limiter
from shopwright.kit.tokens import Tokens
from shopwright.notifications.outbox import Outbox
from shopwright.tenants.settings import LiveSettings

SignUpMode = Literal["open", "invited", "closed"]
_DOORS = {"closed": 0, "invited": 1, "open": 2}


@dataclass(frozen=True, slots=True)
class Identity:
    sign_up_mode: SignUpMode
    mail_folder: Path | None  # none: mail goes through a server
    shown_mail_folder: str | None
    cookies: CookieRules
    letters: Letters
    outbox: Outbox
    sessions: Sessions
    sign_in: SignIn
    sign_ups: SignUps
    resets: Resets
    second_factors: SecondFactors
    acceptance: Acceptance
    oidc: OidcSignIn
    limiter: Limiter

    def check_open(self, needed: SignUpMode) -> None:
        """Refuse newcomers where the operator does not want them.

        Raises:
            SignUpClosed: the door is not open this far.
        """
        if _DOORS[self.sign_up_mode] < _DOORS[needed]:
            raise SignUpClosed


def build_identity(
    *,
    db: Database,
    tokens: Tokens,
    passwords: Passwords,
    envelope: Envelope,
    policy: EgressPolicy,
    live_settings: LiveSettings,
    outbox: Outbox,
    limiter: Limiter,
    base_url: str,
    sign_up_mode: SignUpMode,
    mail_folder: Path | None,
    show_mail_folder: bool,
) -> Identity:
    sessions, letters = Sessions(db, tokens, live_settings), Letters(base_url)
    sign_in = SignIn(db, passwords, sessions)
    resets = Resets(db, passwords, sessions, outbox, letters)
    return Identity(
        sign_up_mode=sign_up_mode,
        mail_folder=mail_folder,
        shown_mail_folder=str(mail_folder.resolve()) if mail_folder and show_mail_folder else None,
        cookies=CookieRules(base_url),
        letters=letters,
        outbox=outbox,
        sessions=sessions,
        sign_in=sign_in,
        sign_ups=SignUps(db, passwords, sessions, outbox),
        resets=resets,
        second_factors=SecondFactors(db, envelope, sessions, resets),
        acceptance=Acceptance(db, passwords, sessions, sign_in),
        limiter=limiter,
        oidc=OidcSignIn(db, envelope, policy, sign_in, base_url, allow_sign_up=sign_up_mode == "open"),
    )
