"""Every sentence that the server says to people, found in its source."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import shopwright
from shopwright.kit.errors import AppError, NotFound
from shopwright.understanding import catalogue
from shopwright.understanding.texts import load as load_texts

SOURCE = Path(shopwright.__file__).parent
# Handed to these, a text reaches a person; so it must be a `sentence`, or the catalogues could not know it.
SAYERS = frozenset(
    {
        "BadRequest", "Conflict", "Connected", "IconUnreadable", "InvalidInput", "KeyRefused", "MailFailed",
        "NotFetched", "ParseFailed", "Problem", "ProbeStep", "ProviderBusy", "ProviderDown", "ProviderMisconfigured",
        "ProviderRejected", "Rejected", "RetryAfter", "SignInRefused", "WeakPassword", "_Refusal", "_bury", "_fail",
        "decision", "give_up", "set_status", "warn",
    }
)  # fmt: skip
# Names of what holds such a text on its way.
HOLDERS = frozenset({"broken", "detail", "evidence", "given", "reason", "said"})
# Of documents, crawls and scopes.
STATES = frozenset({"pending", "processing", "completed", "failed", "cancelled", "strict", "moderate", "lenient"})
# Emulated platforms speak in the platforms' words, programs for the command line in English.
LEFT_OUT = ("lab/", "sdk/", "nlp/fetch.py")


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


@cache
def _files() -> dict[str, ast.Module]:
    found = {str(path.relative_to(SOURCE)): ast.parse(path.read_text()) for path in sorted(SOURCE.rglob("*.py"))}
    return {name: tree for name, tree in found.items() if not name.startswith(LEFT_OUT)}


def _calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for file, tree in _files().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node) == name:
                yield file, node


def said() -> set[str]:
    """The templates given to `sentence`."""
    return {
        arg.value
        for _, call in _calls("sentence")
        for arg in ast.walk(call.args[0])
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    }


def errors() -> set[str]:
    """The templates of all errors; those that name a thing once for each thing, since grammar differs."""
    found: set[str] = set()
    for error in _all_errors(AppError):
        template = error.template()
        found |= (
            {template.replace("{what}", thing) for thing in _things()}
            if template == NotFound.template()
            else {template}
        )
    return found


def _things() -> set[str]:
    """What `NotFound` and its relatives say is not there."""
    found = set()
    for tree in _files().values():
        for node in ast.walk(tree):
            named = [] if isinstance(node, ast.Call) and _name(node) == "NameNeeded" else getattr(node, "keywords", [])
            for keyword in [*named, *_defaults(node)]:
                if keyword.arg == "what" and isinstance(keyword.value, ast.Constant):
                    found.add(str(keyword.value.value))
    return found


def _defaults(node: ast.AST) -> list[ast.keyword]:
    """Defaults of parameters, in the shape of keywords."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return []
    args = node.args.args
    pairs = zip(args[len(args) - len(node.args.defaults) :], node.args.defaults, strict=True)
    return [ast.keyword(arg=arg.arg, value=default) for arg, default in pairs]


def _all_errors(error: type[AppError]) -> Iterator[type[AppError]]:
    yield error
    for each in error.__subclasses__():
        yield from _all_errors(each)


def words() -> set[str]:
    """Words that stand in the places of sentences: topics of the catalogue, signs of attacks, states."""
    titles = {topic.title for topic in catalogue.load().topics}
    signs = {str(entry["sign"]) for entry in load_texts("injection")["signs"]}
    return (
        titles | signs | {"pending", "processing", "completed", "failed", "cancelled", "strict", "moderate", "lenient"}
    )


def loose() -> list[str]:
    """Places where a text is handed on that is no `sentence`."""
    return sorted(
        {
            f"{file}:{part.lineno}"
            for file, tree in _files().items()
            for node in ast.walk(tree)
            for part in _handed_on(node)
            if any(_is_text(inner) for inner in _outside_sentences(part))
        }
    )


def _handed_on(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Call) and _name(node) in SAYERS:
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(node, ast.Assign) and any(getattr(target, "id", "") in HOLDERS for target in node.targets):
        return [node.value]
    return []


def _outside_sentences(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and _name(node) in {"sentence", "get", "log"}:
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _outside_sentences(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip()
