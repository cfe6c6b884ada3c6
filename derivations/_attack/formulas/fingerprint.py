"""Two trees of one formula are compared by something that is quickly found and depends on all of their parts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from . import values as v
from .evaluate import Env, Evaluator
from .values import Value


class Fingerprint(Evaluator):
    """Evaluates an integral, a limit and a derivative as such a thing; it says nothing of what the formula is worth."""

    def of_integral(self, e: Any, env: Env) -> Value:
        name, low, high, body = e.args[:4]
        a, b = (self.end(x, env) for x in (low, high))
        third = v.add(a, v.mul(Fraction(1, 3), v.add(b, v.neg(a))))
        return v.mul(v.add(b, v.neg(a)), self.value(body, {**env, name: third}))

    def end(self, e: Any, env: Env) -> Value:
        if e.kind == "infinity":
            return Fraction(5)
        if e.kind == "neg" and e.args[0].kind == "infinity":
            return Fraction(-7)
        return self.value(e, env)

    def of_limit(self, e: Any, env: Env) -> Value:
        name, point, side, body = e.args[:4]
        beside = {"+": Fraction(1, 11), "-": Fraction(-1, 13), "": Fraction(1, 17)}[side]
        return self.value(body, {**env, name: v.add(self.end(point, env), beside)})

    def of_name(self, e: Any, env: Env) -> Value:
        found = env.get(e.args[0], self.point.values.get(e.args[0]))
        return found if isinstance(found, (v.Logs, arb)) else super().of_name(e, env)

    def of_deriv(self, e: Any, env: Env) -> Value:
        total, weight = self.value(e.args[0], env), 3
        for x in e.args[1:]:
            weight *= 2
            total = v.add(total, v.mul(Fraction(weight), self.value(x, env)))
        return total


__all__ = ["Fingerprint"]
