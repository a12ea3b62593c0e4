// Notifications of finished objects as Cloud Storage publishes them, and messages that only look like it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishedObjectIn } from '../../../shared/events/notifications.ts';

const attributes = {
  notificationConfig: 'projects/_/buckets/results/notificationConfigs/1',
  eventType: 'OBJECT_FINALIZE',
  payloadFormat: 'JSON_API_V1',
  bucketId: 'results',
  objectId: 'carmila/000001-0123abcd/attempt-1/output.json',
  objectGeneration: '1736121600000000',
  eventTime: '2025-01-06T00:00:01.000000Z',
};
const reported = {
  bucket: attributes.bucketId,
  name: attributes.objectId,
  generation: attributes.objectGeneration,
  finishedAtMs: Date.UTC(2025, 0, 6, 0, 0, 1),
};
const data = (object: unknown) => Buffer.from(JSON.stringify(object)).toString('base64');

test('the attributes name the object, not the data', () => {
  for (const size of ['12', 12]) {
    assert.deepEqual(finishedObjectIn({ message: { attributes, data: data({ size }) } }), reported);
  }
  assert.deepEqual(finishedObjectIn({ message: { attributes } }), reported, 'the payload format NONE');
  const redriven = { ...attributes, CloudPubSubDeadLetterSourceDeliveryCount: '10', 'sluice-command': 'x' };
  assert.deepEqual(finishedObjectIn({ message: { attributes: redriven, message_id: '1' } }), reported);
});

test('any other message is none of it', () => {
  for (const other of [
    undefined,
    {},
    { message: { data: data({ pipeline: 'carmila' }) } },
    { message: { attributes: {}, data: '' } },
    { message: { attributes: { ...attributes, eventType: 'OBJECT_DELETE' } } },
    { message: { attributes: { eventType: 'OBJECT_FINALIZE', bucketId: 'results' } } },
  ]) {
    assert.equal(finishedObjectIn(other), undefined, JSON.stringify(other));
  }
});
