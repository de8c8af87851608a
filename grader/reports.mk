# The grader's rubric, reports, class and hand-outs: what they need and their tests. Included by
# grader.mk, before its rules.

PACKAGES += libconfig-dev libxml2-utils python3-jsonschema jq

grader_unit_tests += $(addprefix grader/tests/,rubric_test.c formats_test.c)
