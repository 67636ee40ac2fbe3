import { describe, expect, it } from '@jest/globals';
import { carsDataset, toCsv } from '../src/main-job/dataset.js';
import { profileTable } from '../src/main-job/profile-table.js';

describe('the data set', () => {
  it('becomes CSV with quotes where they are needed', () => {
    expect(
      toCsv([
        { a: 'x, "y"', b: null },
        { a: 'line\nbreak', b: 2 },
      ]),
    ).toBe('a,b\r\n"x, ""y""",\r\n"line\nbreak",2\r\n');
  });

  it('is real, whole, and has gaps', () => {
    const { csv, rows } = carsDataset();
    const lines = csv.trimEnd().split('\r\n');
    expect(rows).toBe(406);
    expect(lines).toHaveLength(rows + 1);
    expect(lines[0]).toBe(
      'Name,Miles_per_Gallon,Cylinders,Displacement,Horsepower,Weight_in_lbs,Acceleration,Year,Origin',
    );
    expect(lines.filter((line) => line.includes(',,'))).not.toHaveLength(0);
  });
});

describe('the profile for people', () => {
  it('is aligned, with numbers to the right and long values cut', () => {
    const number = { p25: 1, p50: 2.3456789, p75: 3 };
    const column = { nulls: 8, distinct: 130, min: 9, max: 46.6, quantiles: number, outliers: { count: 1 } };
    const text = { nulls: 0, distinct: 3, min: 'a'.repeat(40), max: 'b', quantiles: null, outliers: null };
    const lines = profileTable({
      rows: 406,
      columns: [
        { name: 'mpg', type: 'number', ...column },
        { name: 'origin', type: 'string', ...text },
      ],
    });
    expect(lines[0]).toBe('column  type    nulls  distinct  min                   p25      p50  p75  max   outliers');
    expect(lines[1]).toBe('mpg     number      8       130  9                       1  2.34568    3  46.6         1');
    expect(lines[2]).toContain(`${'a'.repeat(19)}…`);
  });
});
