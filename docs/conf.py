"""Settings of the documentation; pages of results are made by the extension."""

project = "lossproof"
author = "The lossproof developers"
copyright = author
extensions = ["myst_parser", "derivations._render.sphinx_extension"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "lossproof"
html_math_renderer = "mathml"
html_copy_source = False
exclude_patterns = ["_build"]
nitpicky = True
