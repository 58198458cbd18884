"""Commands that talk to a running server: `setup` and `ready`."""

import asyncio
import getpass
import os
import sys
from pathlib import Path

import httpx2
import yaml

from shopwright.sdk import ProductionBotSetup, SetupFailed


def _secret(variable: str, question: str) -> str:
    return os.environ.get(variable) or getpass.getpass(question)


def run_setup(config_file: Path, url: str, admin_email: str | None) -> int:
    """Create what a YAML file describes."""
    try:
        config = yaml.safe_load(config_file.read_text())
    except (OSError, yaml.YAMLError) as exc:
        print(f"shopwright: {config_file} cannot be read: {exc}", file=sys.stderr)
        return 1
    missing = [name for name in ("tenant", "dataset", "bot") if not isinstance((config or {}).get(name), dict)]
    if missing:
        print(f"shopwright: {config_file} lacks the part(s) {', '.join(missing)}", file=sys.stderr)
        return 1

    folder = config_file.resolve().parent
    token = os.environ.get("SHOPWRIGHT_ADMIN_TOKEN")
    email = password = ""
    if token is None:
        email = admin_email or input("Administrator's e-mail address: ")
        password = _secret("SHOPWRIGHT_ADMIN_PASSWORD", "Administrator's password: ")

    async def run() -> dict[str, object]:
        setup = ProductionBotSetup(token, url, base_dir=folder, report=print)
        if token is None:
            await setup.login_admin(email, password)
        return await setup.create_complete_bot(config)

    try:
        result = asyncio.run(run())
    except SetupFailed as exc:
        print(f"shopwright: {exc}", file=sys.stderr)
        return 1
    bot, key = result["bot"], result["api_key"]
    print(f"Bot setup complete. Bot id: {bot['id']}")  # type: ignore[index]
    if key:
        print(f"API key (shown only now): {key['key']}")  # type: ignore[index]
    return 0


def run_ready(bot_id: str, url: str, email: str | None) -> int:
    """Print the readiness checklist of a bot; 0 when every item is green."""
    with httpx2.Client(base_url=url, timeout=60, trust_env=False) as client:
        try:
            token = os.environ.get("SHOPWRIGHT_TOKEN")
            if token is None:
                body = {
                    "email": email or input("E-mail address: "),
                    "password": _secret("SHOPWRIGHT_PASSWORD", "Password: "),
                }
                signed_in = client.post("/v1/auth/login", json=body)
                if signed_in.status_code != 200:
                    print(f"shopwright: {signed_in.json().get('detail')}", file=sys.stderr)
                    return 1
                token = signed_in.json()["access_token"]
            answer = client.get(f"/v1/tenant/bots/{bot_id}/readiness", headers={"authorization": f"Bearer {token}"})
        except httpx2.HTTPError as exc:
            print(f"shopwright: {url} does not answer ({type(exc).__name__}); is it running?", file=sys.stderr)
            return 1
    if answer.status_code != 200:
        print(f"shopwright: {answer.json().get('detail')}", file=sys.stderr)
        return 1
    report = answer.json()
    group = ""
    for item in report["items"]:
        if item["group"] != group:
            group = item["group"]
            print(f"\n{group.capitalize()}")
        print(f"  {'ok ' if item['ok'] else 'NO '} {item['label']}: {item['evidence']}")
        if not item["ok"]:
            print(f"      → {item['todo']}")
    print("\nReady for customers." if report["ready"] else "\nNot ready yet.")
    return 0 if report["ready"] else 1
