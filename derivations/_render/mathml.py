"""MathML of one LaTeX formula: latex2mathml's output, with what browsers set badly put right."""

from __future__ import annotations

from functools import lru_cache
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
WORDS = {"log", "exp", "max", "min", "lim"}
BIG, LIMITED = {"∑", "∏"}, {"max", "min", "lim"}  #: what has its limits above and below
BOLD = {ord(digit): chr(0x1D7CE + k) for k, digit in enumerate("0123456789")}
SIGNS = {"−", "+", "-"}
ARROWS = {"⟹", "⟺"}
OPEN, CLOSE = "([{|‖", ")]}|‖"


def _space(width: str = "0.167em") -> ET.Element:
    return ET.Element("mspace", {"width": width})


def _repair(node: ET.Element, display: bool) -> None:
    if node.tag == "msubsup" and display and (node[0].text or "") in BIG | LIMITED:
        node.tag = "munderover"
    low = node.tag in ("mfrac", "msub", "msup", "munder", "munderover", "msubsup", "mtable")
    for child in node:
        _repair(child, display and not low)
    text = (node.text or "").strip()
    if node.tag == "mo":
        if text == ";":
            node.set("rspace", "0.167em")
        if text in ("∂", "∞") or (text.isalpha() and text not in WORDS):
            node.tag = "mi"
    elif node.tag == "mn" and node.get("mathvariant") == "bold":  # of which browsers take no notice
        node.text = text.translate(BOLD)
    elif node.tag == "mtd":
        node.set("style", "text-align: left")
    elif node.tag == "mi" and text in ARROWS:
        node.tag = "mo"
    elif node.tag == "mover" and len(node) == 2 and node[1].tag == "mo":
        node.set("accent", "true")
        node[1].set("stretchy", "false")
    elif node.tag == "munderover" and (node[0].text or "") in LIMITED:
        node[0].tag = "mi"
    elif node.tag == "msub" and (node[0].text or "") in LIMITED:
        if display:
            node.tag = "munder"
        node[0].tag = "mi"
    if node.tag in ("math", "mrow", "mtd", "mstyle"):
        _space_words(node)


def _function(node: ET.Element) -> bool:
    base = node[0] if node.tag in ("msub", "munder", "munderover") and len(node) else node
    return base.tag in ("mi", "mo") and (base.text or "") in WORDS


def _takes_space(before: ET.Element) -> bool:
    if before.tag == "mo":
        return (before.text or "") in CLOSE
    return before.tag != "mspace" and not _function(before)


def _awaits_term(before: ET.Element) -> bool:
    return before.tag == "mo" and (before.text or "") not in CLOSE


def _space_words(row: ET.Element) -> None:
    """Put thin spaces around log, max and the like, as TeX does, and tell signs from subtractions."""
    children, result = list(row), []
    for k, child in enumerate(children):
        if child.tag == "mo" and child.text in SIGNS and (not k or _awaits_term(children[k - 1])):
            child.set("form", "prefix")
        if _function(child):
            child.tag = "mi" if child.tag == "mo" else child.tag
            if k and _takes_space(children[k - 1]):
                result.append(_space())
            result.append(child)
            after = children[k + 1] if k + 1 < len(children) else None
            opening = after is not None and ((after.text or "") in OPEN if after.tag == "mo" else False)
            if after is not None and after.tag != "mspace" and not opening and not _fenced(after):
                result.append(_space())
        else:
            result.append(child)
    row[:] = result


def _fenced(node: ET.Element) -> bool:
    first = node[0] if node.tag == "mrow" and len(node) else None
    return first is not None and first.tag == "mo" and (first.text or "") == "("


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool = False) -> str:
    """A ``math`` element for HTML: no script, no network; the LaTeX comes along for copying."""
    written = convert(latex, display="block" if display else "inline")
    root = ET.fromstring(written.replace(f' xmlns="{NAMESPACE}"', "", 1))
    _repair(root, display)
    body = list(root)
    attributes = {"displaystyle": "true"} if display else {}
    math = ET.Element("math", {**attributes, "alttext": latex})
    semantics = ET.SubElement(math, "semantics")
    if len(body) == 1:
        semantics.append(body[0])
    else:
        ET.SubElement(semantics, "mrow").extend(body)
    ET.SubElement(semantics, "annotation", {"encoding": "application/x-tex"}).text = latex
    return ET.tostring(math, encoding="unicode")
