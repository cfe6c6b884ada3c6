"""A user's textbook LaTeX becomes a claim: read with certainty, or refused at the place which is not certain."""

from __future__ import annotations

from derivations._kernel.domains import Domain
from derivations._kernel.terms import IllFormed
from derivations._kernel.tree import Node
from derivations._surface.where import WhereError, shown
from derivations._surface.where import where as domains

from .braces import parsed
from .read_back import Back, Misread, read_back
from .reading import ReadError, Reading
from .resolve import Resolver
from .translate import Untranslatable, translate
from .written import written


def read(latex: str, where: str, *, strict: bool = False) -> Reading:
    """What the claim ``latex`` says over the domains ``where``; ``strict`` refuses what only a convention decides."""
    try:
        scope = domains(where)
    except WhereError as error:
        raise ReadError(error.what, where, error.span, error.fix) from None
    except IllFormed as error:
        raise ReadError(str(error), where, (0, max(1, len(where)))) from None
    raw, notes = parsed(latex, scope)
    resolver = Resolver(scope, latex, notes)
    tree = resolver.claim(raw)
    free = tuple((name, index.size) for name, index in resolver.free.items() if index.size is not None)
    if strict:
        for convention, span in resolver.notes.items():
            raise ReadError(f"only a convention decides: {convention}", latex, span, "write brackets")
    said = written(tree, scope, free)
    meant = Back({name: shown(domain) for name, domain in scope.domains}, {k: str(size.args[0]) for k, size in free}, tree)
    if not prints(said, meant):
        raise ReadError(MISPRINT, latex, (0, max(1, len(latex))))
    return Reading(latex, where, scope, free, tree, said, tuple(resolver.notes))


MISPRINT = "printed back, the formula reads differently, which is a fault of lossproof; please report it"


def prints(said: str, meant: Back) -> bool:
    """Whether the second parser finds in the printed claim what was meant."""
    try:
        return read_back(said) == meant
    except Misread:
        return False


__all__ = ["Domain", "Node", "ReadError", "Reading", "Untranslatable", "read", "translate"]
