"""Ask the demo shop's bot its test questions through the API, and say how it did.

    python bench/answers.py --url http://localhost:8000 --demo data/demo.json

An answer counts as right when the outcome is the expected one and, for answered ones, the citation's document is the
expected one and the expected values stand in the answer.
"""

import argparse
import json
import re
import time
from collections import Counter
from pathlib import Path

import httpx2
import yaml

ROOT = Path(__file__).resolve().parent.parent


def normal(text: str) -> str:
    return re.sub(r"[\s  ]+", " ", text.lower().replace("’", "'"))


def ask(client: httpx2.Client, bot: str, text: str, session: str | None) -> dict:
    body = {"bot_id": bot, "message": text, "session_id": session}
    while True:
        answer = client.post("/v1/chat/efficient", json=body)
        if answer.status_code != 429:
            return answer.json()
        time.sleep(float(answer.headers.get("retry-after", "1")))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--demo", type=Path, default=ROOT / "data" / "demo.json")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    demo = json.loads(given.demo.read_text())
    questions = yaml.safe_load((ROOT / "examples" / "demo-shop" / "questions.yaml").read_text())
    questions = questions["questions"] if isinstance(questions, dict) else questions
    counts: Counter[tuple[str, str]] = Counter()
    with httpx2.Client(base_url=given.url, timeout=60) as client:
        signed_in = client.post(
            "/v1/auth/login", json={"email": demo["owner_email"], "password": demo["owner_password"]}
        )
        client.headers["authorization"] = f"Bearer {signed_in.json()['access_token']}"
        limits = {"rate_limit_per_minute": 100_000, "rate_limit_per_second": 10_000}
        client.put(f"/v1/tenant/bots/{demo['bot_id']}", json=limits)
        files = {}
        for dataset in client.get("/v1/tenant/datasets").json()["items"]:
            listed = client.get(f"/v1/tenant/datasets/{dataset['id']}/documents?limit=200").json()
            files |= {item["id"]: item["filename"] for item in listed["items"]}
        for question in questions:
            session = None
            for said in question.get("history", []):
                if said["role"] == "user":
                    session = ask(client, demo["bot_id"], said["content"], session)["session_id"]
            answer = ask(client, demo["bot_id"], question["question"], session)
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
    print(json.dumps({" / ".join(key): value for key, value in sorted(counts.items())}, indent=1))


if __name__ == "__main__":
    main()
