# How a submission is judged: phases, verdicts, counts. Included by grader.mk.
grader_unit_tests += $(addprefix grader/tests/,needs_test.c)
