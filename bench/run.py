"""Run the benches one after the other; tables on the screen, JSON in bench/results/.

python bench/run.py [name ...]     names: parsing retrieval retrieval_api grounding scopes vectors start speed channels
"""

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
BENCHES = {
    "parsing": ["parsing.py"],
    "retrieval": ["retrieval.py", "--sentences"],
    "retrieval_api": ["retrieval_api.py"],
    "grounding": ["grounding.py"],
    "scopes": ["scopes.py"],
    "vectors": ["vectors.py"],
    "start": ["start.py"],
    "speed": ["speed.py"],
    "channels": ["channels.py", "chaos"],
}


def main() -> int:
    failed = []
    for name in sys.argv[1:] or BENCHES:
        print(f"\n=== {name}", flush=True)
        started = time.perf_counter()
        done = subprocess.run([sys.executable, *map(str, [HERE / BENCHES[name][0]]), *BENCHES[name][1:]], check=False)
        print(f"=== {name}: {time.perf_counter() - started:.0f} s", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
