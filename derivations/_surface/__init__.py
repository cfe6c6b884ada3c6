"""What authors write with: domains in words, SymPy expressions, lines with reasons."""
