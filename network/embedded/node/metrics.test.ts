import { describe, expect, it } from 'vitest';
import { Metrics } from './metrics';

describe('metrics', () => {
  it('have no series before their first use, also without labels', async () => {
    const metrics = new Metrics();
    const counter = metrics.counter('things', 'Things.');
    metrics.histogram('duration', 'Time.', ['channel']);
    expect(await metrics.text()).toBe('');
    counter.add({});
    expect(await metrics.text()).toBe('# HELP things Things.\n# TYPE things counter\nthings 1\n');
  });

  it('are sorted by name, and so are their labels', async () => {
    const metrics = new Metrics();
    const second = metrics.gauge('second', 'Later.', ['type', 'channel']);
    metrics.counter('first', 'Earlier.').add({}, 3);
    second.set({ type: 'A', channel: 'c' }, 7);
    second.add({ type: 'B', channel: 'c' }, -0.5);
    expect(await metrics.text()).toBe(
      [
        '# HELP first Earlier.\n# TYPE first counter\nfirst 3\n',
        '# HELP second Later.\n# TYPE second gauge\n',
        'second{channel="c",type="A"} 7\nsecond{channel="c",type="B"} -0.5\n',
      ].join(''),
    );
    second.remove({ type: 'A', channel: 'c' });
    expect(await metrics.text()).not.toContain('type="A"');
  });

  it('count histograms cumulatively, the bound included', async () => {
    const metrics = new Metrics();
    const histogram = metrics.histogram('duration', 'Time.', ['channel'], [0.5, 1]);
    for (const value of [0.25, 0.5, 0.75, 2]) histogram.observe({ channel: 'c' }, value);
    expect(await metrics.text()).toContain(
      [
        'duration_bucket{channel="c",le="0.5"} 2\n',
        'duration_bucket{channel="c",le="1"} 3\n',
        'duration_bucket{channel="c",le="+Inf"} 4\n',
        'duration_sum{channel="c"} 3.5\n',
        'duration_count{channel="c"} 4\n',
      ].join(''),
    );
  });

  it('escape label values', async () => {
    const metrics = new Metrics();
    metrics.counter('things', 'Things.', ['name']).add({ name: 'a"b\\c\nd' });
    expect(await metrics.text()).toContain('things{name="a\\"b\\\\c\\nd"} 1\n');
  });

  it('can be read elsewhere at each scrape', async () => {
    const metrics = new Metrics();
    const readings = [undefined, 2 ** 64];
    metrics.sampled('open_files', 'Files.', () => readings.shift());
    expect(await metrics.text()).toBe('');
    expect(await metrics.text()).toContain('open_files 18446744073709552000\n');
  });

  it('refuse a second metric of a name', () => {
    const metrics = new Metrics();
    metrics.counter('things', 'Things.');
    expect(() => metrics.gauge('things', 'Others.')).toThrow('registered already');
  });
});
