// The source of a Cloud Run service: the function of the tests of the host.
import '../sample-function.ts';
