from tests.channels.messenger.platform import Messaging, batch, event
from tests.channels.meta_platform import APP_SECRET

ACCOUNT = "17841400008460056"


class Instagram(Messaging):
    credentials = {"account_id": ACCOUNT, "access_token": "IGAA-secret-token", "app_secret": APP_SECRET}
    public = ("account_id",)
    hello = batch(event(ACCOUNT, message={"mid": "aWdf-A", "text": "Do you ship?"}), account=ACCOUNT, about="instagram")


PLATFORM = Instagram()
