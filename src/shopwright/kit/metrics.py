"""Figures for Prometheus; one registry for the process, no tenant or message text in a label."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

requests = Counter("shopwright_requests", "HTTP requests.", ("method", "route", "status"), registry=REGISTRY)
request_seconds = Histogram(
    "shopwright_request_seconds", "Time to answer a request.", ("route",), buckets=SECONDS, registry=REGISTRY
)
turns = Counter("shopwright_turns", "Turns by outcome and writer.", ("outcome", "writer"), registry=REGISTRY)
turn_seconds = Histogram("shopwright_turn_seconds", "Time of a turn.", buckets=SECONDS, registry=REGISTRY)
claims = Counter("shopwright_claims", "Sentences checked.", ("verdict",), registry=REGISTRY)
provider_calls = Counter(
    "shopwright_provider_calls", "Calls to AI providers.", ("provider", "result"), registry=REGISTRY
)
jobs = Counter("shopwright_jobs", "Jobs by kind and result.", ("task", "result"), registry=REGISTRY)
documents = Counter("shopwright_documents", "Documents by result.", ("result",), registry=REGISTRY)
mails = Counter("shopwright_mails", "Mails by result.", ("result",), registry=REGISTRY)
queue_depth = Gauge("shopwright_queue_depth", "Jobs that wait.", registry=REGISTRY)


def render() -> bytes:
    return generate_latest(REGISTRY)
