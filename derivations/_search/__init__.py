"""The untrusted part: finds proofs. What it finds is judged by the kernel like anything else."""
