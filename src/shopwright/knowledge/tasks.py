"""Jobs of the knowledge base."""

from shopwright.kit.jobs import Task
from shopwright.knowledge.crawling.crawl import CRAWL, JOB_ATTEMPTS, QUEUE, crawl
from shopwright.knowledge.generations import BUILD, build_generation
from shopwright.knowledge.ingest import IngestServices, ingest
from shopwright.knowledge.service import INGEST

TASKS: tuple[Task[IngestServices], ...] = (
    Task(INGEST, ingest, queue="ingest", max_attempts=6),
    Task(CRAWL, crawl, queue=QUEUE, max_attempts=JOB_ATTEMPTS),
    Task(BUILD, build_generation, queue="ingest", max_attempts=6),
)
