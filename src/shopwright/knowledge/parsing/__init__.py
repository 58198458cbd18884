"""Reading documents: a file becomes clean text with spans, and the text becomes passages.

`extract` reads a file here; `ParserPool` reads it in a child process that cannot harm anything else.
"""

from shopwright.knowledge.parsing.chunking import chunk, chunk_context
from shopwright.knowledge.parsing.errors import ParseFailed
from shopwright.knowledge.parsing.extracting import extract, extract_text
from shopwright.knowledge.parsing.pool import ParserPool
from shopwright.knowledge.parsing.sandbox import sandbox_report
from shopwright.knowledge.parsing.sniffing import sniff
from shopwright.knowledge.parsing.types import Chunk, Extraction, Limits, Span

__all__ = [
    "Chunk",
    "Extraction",
    "Limits",
    "ParseFailed",
    "ParserPool",
    "Span",
    "chunk",
    "chunk_context",
    "extract",
    "extract_text",
    "sandbox_report",
    "sniff",
]
