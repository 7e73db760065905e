export const operators: readonly { op: string | string[]; as?: string; positional?: number; defaults?: Record<string, string> }[];
