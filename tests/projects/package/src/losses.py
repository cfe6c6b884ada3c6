r"""Losses.

.. claim::
   :id: nonnegative
   :where: p: Simplex[n]

   -\sum_{i=1}^{n} p_i \log p_i \ge 0
"""

raise RuntimeError("a file whose docstrings are looked at is never imported")


def entropy(p):
    r"""The entropy.

    ```{claim}
    :where: p: OpenSimplex[n]

    -\sum_{i=1}^{n} p_i \log p_i = \sum_{i=1}^{n} p_i \log \frac{1}{p_i}
    ```
    """
