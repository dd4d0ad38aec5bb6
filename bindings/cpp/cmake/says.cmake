# Runs PROGRAM and fails unless it says what the file EXPECTED holds.
execute_process(COMMAND "${PROGRAM}" RESULT_VARIABLE result OUTPUT_VARIABLE said)
file(READ "${EXPECTED}" expected)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "it ended with ${result}")
endif()
if(NOT said STREQUAL expected)
  message(FATAL_ERROR "it said:\n${said}\nand not, as the README has it:\n${expected}")
endif()
