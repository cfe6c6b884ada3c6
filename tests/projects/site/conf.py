"""A site of two pages with claims on them."""

project = "A course"
extensions = ["myst_parser", "derivations.sphinx_ext"]
myst_enable_extensions = ["colon_fence"]
html_theme = "basic"
html_math_renderer = "mathjax"
