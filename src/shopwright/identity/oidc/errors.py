"""Why a sign-in through a provider ended; the code goes to the sign-in page, which says it in words."""


class OidcFailed(Exception):
    """A sign-in through a provider did not come about.

    Args:
        code: for the person: `oidc_unreachable`, `oidc_state`, `oidc_refused`, `oidc_token`,
            `oidc_email_unverified`, `oidc_no_account`.
        reason: for the log; nothing the provider wrote.
    """

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code}: {reason}")
        self.code, self.reason = code, reason
