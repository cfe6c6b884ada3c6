"""The catalogue as tests meet it, judged once in a process: with the second witness, and by the rules alone."""

from __future__ import annotations

from derivations._attack.cases import _catalogue
from derivations.catalogue import Catalogue
from derivations.judged import JudgedResult

WITNESSED, BY_RULES = Catalogue(), _catalogue()


class Again(Catalogue):
    """A catalogue for a command, whose own results were judged before; files of others are judged as ever."""

    def judge(self, name: str, *, search: bool = False) -> JudgedResult:
        """The result, from the catalogue of all tests if it is one of its own."""
        before = WITNESSED if self.witnessed else BY_RULES
        if search or self.known[name] != before.known.get(name):
            return super().judge(name, search=search)
        made = before.judge(name)
        self._libraries[name] = before.library(name)
        return made
