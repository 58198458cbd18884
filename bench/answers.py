"""Ask a shop's bot its test questions through the API, and say how it did.

    python bench/answers.py --url http://localhost:8000 --demo data/demo.json
    shopwright setup bench/data/heldout_garden/setup.yaml --admin-email admin@localhost.example
    python bench/answers.py --shop bench/data/heldout_garden

An answer counts as right when the outcome is the expected one and, for answered ones, the expected values stand in the
answer. Brackets are 95 % intervals (Wilson). `--verbose` prints every question that went wrong: not for held-out shops
while rules are being written.
"""

import argparse
import json
import math
import re
import time
from collections import Counter
from pathlib import Path

import httpx2
import yaml

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "examples" / "demo-shop"


def normal(text: str) -> str:
    return re.sub(r"[\s  ]+", " ", text.lower().replace("’", "'"))


def ask(client: httpx2.Client, bot: str, text: str, session: str | None) -> dict:
    body = {"bot_id": bot, "message": text, "session_id": session}
    while True:
        answer = client.post("/v1/chat/efficient", json=body)
        if answer.status_code != 429:
            return answer.json()
        time.sleep(float(answer.headers.get("retry-after", "1")))


def rate(count: int, total: int) -> str:
    """A share with its interval."""
    share, z = count / total, 1.96
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return f"{count} of {total}: {share:.3f} ({middle - half:.3f} to {middle + half:.3f})"


def login_of(shop: Path, demo: Path) -> tuple[str, str]:
    """The owner's, of the demo shop that a first start loaded or of a shop that was set up from its file."""
    if shop == DEMO:
        made = json.loads(demo.read_text())
        return made["owner_email"], made["owner_password"]
    tenant = yaml.safe_load((shop / "setup.yaml").read_text())["tenant"]
    return tenant["owner_email"], tenant["password"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--shop", type=Path, default=DEMO)
    parser.add_argument("--questions", type=Path, help="other questions to the same shop")
    parser.add_argument("--demo", type=Path, default=ROOT / "data" / "demo.json")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    questions = yaml.safe_load((given.questions or given.shop / "questions.yaml").read_text())["questions"]
    email, password = login_of(given.shop, given.demo)
    counts: Counter[tuple[str, str]] = Counter()
    with httpx2.Client(base_url=given.url, timeout=60) as client:
        signed_in = client.post("/v1/auth/login", json={"email": email, "password": password})
        client.headers["authorization"] = f"Bearer {signed_in.json()['access_token']}"
        bot = client.get("/v1/tenant/bots").json()["items"][0]["id"]
        limits = {"rate_limit_per_minute": 100_000, "rate_limit_per_second": 10_000}
        client.put(f"/v1/tenant/bots/{bot}", json=limits)
        files = {}
        for dataset in client.get("/v1/tenant/datasets").json()["items"]:
            listed = client.get(f"/v1/tenant/datasets/{dataset['id']}/documents?limit=200").json()
            files |= {item["id"]: item["filename"] for item in listed["items"]}
        for question in questions:
            session = None
            for said in question.get("history", []):
                if said["role"] == "user":
                    session = ask(client, bot, said["content"], session)["session_id"]
            answer = ask(client, bot, question["question"], session)
            expected, got = question["expect"], answer.get("outcome", "error")
            wanted = [str(value) for value in question.get("values", [])]
            holds = [value for value in wanted if normal(value) in normal(answer.get("answer", ""))]
            cited = {files.get(citation["document_id"]) for citation in answer.get("citations", [])}
            document = Path(str(question.get("document", ""))).name
            good = got == expected
            if expected == "answered" and good:
                counts["answered", "right document"] += document in cited
                counts["answered", "all values"] += len(holds) == len(wanted)
                good = len(holds) == len(wanted)
            counts[expected, "total"] += 1
            counts[expected, "right"] += good
            counts[expected, f"got {got}"] += 1
            if given.verbose and not good:
                print(f"\n{question['question']}\n  expected {expected} {wanted} of {document}, got {got} of {cited}")
                print("  " + answer.get("answer", str(answer)).replace("\n", "\n  ")[:700])
    for (expected, what), count in sorted(counts.items()):
        print(f"{expected:<9} {what:<15} {rate(count, counts[expected, 'total'])}")


if __name__ == "__main__":
    main()
