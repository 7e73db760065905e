import { expect, test } from 'vitest';
import { encodeNpy } from './npy.ts';

// bytes written by numpy 2 (np.save of the same arrays as '<f4')
const HEAD = '934e554d505901007600';

test('a vector and a matrix are byte for byte what NumPy writes', () => {
  const vector = Buffer.from(encodeNpy(new Float32Array([0, 1.5, -2.25]), [3]));
  expect(vector.length).toBe(140);
  expect(vector.subarray(0, 10).toString('hex')).toBe(HEAD);
  expect(vector.subarray(10, 128).toString()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".padEnd(117) + '\n');
  expect(vector.subarray(128).toString('hex')).toBe('000000000000c03f000010c0');

  const matrix = Buffer.from(encodeNpy(new Float32Array([0, 1, 2, 3, 4, 5]), [2, 3]));
  expect(matrix.length).toBe(152);
  expect(matrix.subarray(10, 128).toString()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117) + '\n');
  expect(matrix.subarray(128).toString('hex')).toBe('000000000000803f0000004000004040000080400000a040');
});
