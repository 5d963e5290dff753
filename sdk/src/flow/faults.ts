import type { Fault } from './types.ts'

/** Pins a fault on an operator: once for each operator and code, with evidence where there is any. */
export function pin(faults: Fault[], fault: Fault): void {
  const known = faults.findIndex(
    ({ operator, role, code }) => operator === fault.operator && role === fault.role && code === fault.code,
  )
  if (known < 0) faults.push(fault)
  else if (fault.evidence && !faults[known]?.evidence) faults[known] = fault
}
